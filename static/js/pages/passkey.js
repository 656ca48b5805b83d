// Says it on the page when a passkey could not be used; the rest is allauth's own script.
document.addEventListener("allauth.error", () => {
  document.querySelector("#passkey-error")?.removeAttribute("hidden");
});
