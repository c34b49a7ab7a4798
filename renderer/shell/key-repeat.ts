/** A key held down presses a button once, not thirty times a second: nobody approves by leaning on Enter. */
export function guardKeyRepeat(): void {
  window.addEventListener(
    'keydown',
    (event) => {
      const presses = event.key === 'Enter' || event.key === ' ';
      if (event.repeat && presses && !isTextField(event.target)) event.preventDefault();
    },
    { capture: true },
  );
}

/** Where keys mean text and not commands. */
export function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox' && target.type !== 'radio';
  return target instanceof HTMLElement && target.isContentEditable;
}
