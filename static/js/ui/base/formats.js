/** Numbers, days and hours in the language of the page. */

import { formatsFor } from "../../data/base/formats.js";

export const formats = formatsFor(document.documentElement.lang);
