import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Express, NextFunction, Request, Response } from 'express';
import expressStaticGzip from 'express-static-gzip';
import { RequestError } from './RequestError.ts';

/**
 * Serves the built player: hashed assets as immutable, and one document for every page of the application. The build has
 * compressed every file (`index.html.br`, `index.html.gz`).
 */
export function mountPages(app: Express, folder: string): void {
  const document = path.join(folder, 'index.html');
  const files = expressStaticGzip(folder, {
    enableBrotli: true,
    orderPreference: ['br', 'gz'],
    index: false,
    serveStatic: { dotfiles: 'ignore', cacheControl: false, setHeaders: (response, file) => response.setHeader('Cache-Control', cacheControlOf(path.relative(folder, file))) },
  });
  app.use(requireValidPath, closeWithResponse, files);
  app.get(/^\/(?!api\/|media\/|assets\/|health\/|socket\.io\/|\.well-known\/)/, (request: Request, response: Response, next) => {
    if (request.accepts(['html', 'json']) !== 'html' || path.extname(request.path) !== '') return next();
    if (!existsSync(document)) return next();
    request.url = '/index.html';
    files(request, response, next);
  });
}

function cacheControlOf(file: string): string {
  if (file.startsWith(`assets${path.sep}`)) return 'public, max-age=31536000, immutable';
  return file.startsWith('index.html') ? 'no-cache' : 'public, max-age=3600';
}

/** The static middleware answers a malformed escape sequence by itself, without a problem document. */
function requireValidPath({ path: requested }: Request, _response: Response, next: NextFunction): void {
  try {
    decodeURIComponent(requested);
    next();
  } catch {
    next(new RequestError([{ path: '', message: 'The path has an invalid escape sequence.' }]));
  }
}

/** Express does not close the file of a response whose connection closes while an earlier pipelined response is pending. */
function closeWithResponse(_request: Request, response: Response, next: NextFunction): void {
  response.on('pipe', (file: Readable) => {
    if (response.closed) file.destroy();
    else response.once('close', () => file.destroy());
  });
  next();
}
