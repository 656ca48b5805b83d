/** Many problems at once: the answer templates, their placeholders still open. */

import { parts } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";
import { offerTemplates } from "../../ui/desk/templates.js";

offerTemplates(parts(document, '.action__form textarea[name="public_text"]', HTMLTextAreaElement), readSettings("templates"));
