import type { IpcMainInvokeEvent } from 'electron';
import { PAGE_ORIGIN } from '../app-scheme';
import { windows, type WindowKind } from '../windows';

/**
 * Rule: only our own page, in the main frame of a window we opened, is listened to. Frames inside a page, pages of another origin
 * and windows that are gone get null.
 */
export function callerOf(event: IpcMainInvokeEvent): WindowKind | null {
  const frame = event.senderFrame;
  if (!frame || frame.parent !== null || frame.origin !== PAGE_ORIGIN) return null;
  return windows.kindOf(event.sender.id);
}
