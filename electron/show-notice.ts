import { Notification } from 'electron';
import type { Notice } from './notice';

/** Shows notices; where the desktop has none, the tray and the window say the same. */
export function showNotice({ title, body }: Notice): void {
  if (Notification.isSupported()) new Notification({ title, body }).show();
}
