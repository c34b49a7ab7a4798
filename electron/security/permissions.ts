import type { Session } from 'electron';

/**
 * Rule: pages get no camera, microphone, location, clipboard, notification, device or download. Electron's default is to grant;
 * a ceremony needs none of them, and a notification on the projector would be seen by everybody.
 */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => {
    decide(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler((_details, decide) => {
    decide({ confirmed: false });
  });
  session.setDisplayMediaRequestHandler(null);
  session.on('will-download', (event) => {
    event.preventDefault();
  });
}
