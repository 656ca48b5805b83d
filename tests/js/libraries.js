/** For `node --import`: modules of static/js find their libraries where pages find them, beside static/js. */

import { register } from "node:module";

register("./resolving.js", import.meta.url);
