/** Keeps the app itself: registers the worker, offers a new version when nothing is open. */

import { isTouched } from "../../data/walk/drafts.js";
import { notice } from "./status.js";
import { say } from "./words.js";

const PATIENCE = 500;

/** Register the service worker and watch for new versions. */
export async function watchVersions(app) {
  if (!("serviceWorker" in navigator)) return;
  let controlled = Boolean(navigator.serviceWorker.controller);
  try {
    const registration = await navigator.serviceWorker.register(app.urls.worker, { scope: app.urls.scope });
    registration.addEventListener("updatefound", () => follow(app, registration));
    if (registration.waiting) offer(app, registration);
    window.addEventListener("online", () => registration.update().catch(() => {}));
    // The first worker only takes charge; every later one is a new version.
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (controlled) location.reload();
      controlled = true;
    });
  } catch (error) {
    console.warn("worker", error);
  }
}

function follow(app, registration) {
  const worker = registration.installing;
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) offer(app, registration);
  });
}

function offer(app, registration) {
  notice("version", say("new_version"), [say("retry_update"), () => take(app, registration)]);
}

/** As soon as no form is open and nothing is being sent. */
function take(app, registration) {
  if (app.state.phase !== "sending" && !isTouched(app.form.draft)) registration.waiting?.postMessage("take-over");
  else setTimeout(() => take(app, registration), PATIENCE);
}
