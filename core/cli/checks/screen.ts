import { hasDisplay } from '../../setup/display.mjs';
import { findElectron } from '../../setup/electron-runtime.mjs';
import { fine, type Finding } from './finding';

/** Without either the rehearsal runs in the terminal, so both are warnings. */
export function checkElectron(): Finding {
  const program = findElectron();
  if (program !== null) return fine('electron', 'Electron runtime', program);
  return {
    id: 'electron',
    title: 'Electron runtime',
    state: 'warning',
    found: 'not installed: no desktop app',
    remedy: 'npx install-electron',
  };
}

export function checkDisplay(): Finding {
  if (hasDisplay()) return fine('display', 'Display', process.env['WAYLAND_DISPLAY'] ?? process.env['DISPLAY'] ?? 'yes');
  return {
    id: 'display',
    title: 'Display',
    state: 'warning',
    found: 'none: no desktop app',
    remedy: 'log in at a screen, or set DISPLAY',
  };
}
