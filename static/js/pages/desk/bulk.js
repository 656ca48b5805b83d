/** Many problems at once: the answer templates, their placeholders still open. */

import { readSettings } from "../../ui/base/settings.js";
import { offerTemplates } from "../../ui/desk/templates.js";

offerTemplates(document.querySelectorAll('.action__form textarea[name="public_text"]'), readSettings("templates"));
