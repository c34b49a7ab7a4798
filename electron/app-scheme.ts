import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import { fileOfAddress } from './app-files';
import { PAGE_HEADERS } from './security/content-policy';

export const PAGE_ORIGIN = 'app://keyrite';
export const PAGE_ADDRESS = `${PAGE_ORIGIN}/index.html`;

/**
 * Before the app is ready: app:// is a standard, secure origin of its own. file:// would give every page the right to read every
 * file, and would give all of them one origin.
 */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } }]);
}

async function answer(address: string, method: string, folder: string): Promise<Response> {
  const file = method === 'GET' ? fileOfAddress(address, folder) : null;
  if (!file) return new Response(null, { status: 404, headers: PAGE_HEADERS });
  try {
    const bytes = await readFile(file.path);
    return new Response(new Uint8Array(bytes), { headers: { ...PAGE_HEADERS, 'content-type': file.contentType } });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return new Response(null, { status: 404, headers: PAGE_HEADERS });
    throw cause;
  }
}

/** Serves the built pages, and only them, from `folder` (inside the asar when packed). */
export function serveAppScheme(session: Session, folder: string): void {
  session.protocol.handle('app', (request) => answer(request.url, request.method, folder));
}
