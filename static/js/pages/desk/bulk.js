/** Many problems at once: the answer templates, their placeholders still open. */

import { offerTemplates } from "../../ui/desk/templates.js";
import { readSettings } from "../../ui/base/settings.js";

offerTemplates(document.querySelectorAll('.action__form textarea[name="public_text"]'), readSettings("templates"));
