/** Asks the person one question in the page's dialog. */

/**
 * @param {HTMLDialogElement} dialog with [data-question], an input in [data-answer] and two buttons (value "yes", "no")
 * @returns {(question: string, wantsText?: boolean) => Promise<string|null>} the text ("" without one), null for no
 */
export function asker(dialog) {
  const question = dialog.querySelector("[data-question]");
  const answer = dialog.querySelector("[data-answer]");
  const field = answer.querySelector("input");
  return (sentence, wantsText = false) => {
    question.textContent = sentence;
    answer.hidden = !wantsText;
    field.value = "";
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? field.value : null), {
        once: true,
      });
    });
  };
}
