/**
 * Text out of a pack or a log is somebody else's text: control and direction characters in a name could repaint the verdict on a
 * terminal, and a newline could add lines of its own.
 */
export function foreignText(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, '; ').replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
