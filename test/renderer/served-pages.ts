import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';
import { PAGE_HEADERS } from '../../electron/security/content-policy';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
};

export interface ServedPages {
  readonly address: string;
  readonly close: () => Promise<void>;
}

function serve(folder: string): Server {
  return createServer((request, response) => {
    // A browser asks for an icon by itself; the desktop app's window does not.
    if (request.url === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const path = normalize(new URL(request.url ?? '/', 'http://page').pathname);
    readFile(join(folder, path === '/' ? 'index.html' : path)).then(
      (bytes) =>
        response
          .writeHead(200, { ...PAGE_HEADERS, 'content-type': TYPES[extname(path === '/' ? '.html' : path)] ?? 'text/html' })
          .end(bytes),
      () => response.writeHead(404).end(),
    );
  });
}

/** The pages as the desktop app builds them, behind the desktop app's own content policy. */
export async function servePages(): Promise<ServedPages> {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-pages-'));
  await build({
    configFile: join(import.meta.dirname, '../../renderer/vite.config.ts'),
    build: { outDir: folder, emptyOutDir: true },
    logLevel: 'error',
  });
  const server = serve(folder);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${String(port)}/`,
    close: async () => {
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true });
    },
  };
}
