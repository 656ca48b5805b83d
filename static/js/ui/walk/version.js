/** Keeps the app itself: registers the worker, offers a new version when nothing is open. */

import { notice } from "./status.js";
import { say } from "./words.js";

const PATIENCE = 500;

/**
 * @typedef {object} VersionUse
 * @property {string} worker address of the service worker
 * @property {string} scope
 * @property {() => boolean} isBusy something is being sent, or a form is open
 */

/** Register the service worker and watch for new versions. @param {VersionUse} use */
export async function watchVersions(use) {
  if (!("serviceWorker" in navigator)) return;
  let controlled = Boolean(navigator.serviceWorker.controller);
  try {
    const registration = await navigator.serviceWorker.register(use.worker, { scope: use.scope });
    registration.addEventListener("updatefound", () => follow(use, registration));
    if (registration.waiting) offer(use, registration);
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

/** @param {VersionUse} use @param {ServiceWorkerRegistration} registration */
function follow(use, registration) {
  const worker = registration.installing;
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) offer(use, registration);
  });
}

/** @param {VersionUse} use @param {ServiceWorkerRegistration} registration */
function offer(use, registration) {
  notice("version", say("new_version"), [say("retry_update"), () => take(use, registration)]);
}

/** As soon as no form is open and nothing is being sent. @param {VersionUse} use @param {ServiceWorkerRegistration} registration */
function take(use, registration) {
  if (!use.isBusy()) registration.waiting?.postMessage("take-over");
  else setTimeout(() => take(use, registration), PATIENCE);
}
