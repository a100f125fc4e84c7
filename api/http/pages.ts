import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import compression from 'compression';
import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';

/** Serves the built player, compressed: hashed assets as immutable, and one document for every page of the application. */
export function mountPages(app: Express, folder: string): void {
  const document = path.join(folder, 'index.html');
  app.use(closeWithResponse, compression());
  app.use('/assets', express.static(path.join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false, fallthrough: true }));
  app.use(express.static(folder, { index: false, maxAge: '1h', dotfiles: 'ignore' }));
  app.get(/^\/(?!api\/|media\/|assets\/|health\/|socket\.io\/|\.well-known\/)/, (request: Request, response: Response, next) => {
    if (request.accepts(['html', 'json']) !== 'html' || path.extname(request.path) !== '') return next();
    if (!existsSync(document)) return next();
    response.sendFile(document, { headers: { 'Cache-Control': 'no-cache' }, cacheControl: false });
  });
}

/** Express does not close the file of a response whose connection closes while an earlier pipelined response is pending. */
function closeWithResponse(_request: Request, response: Response, next: NextFunction): void {
  response.on('pipe', (file: Readable) => {
    if (response.closed) file.destroy();
    else response.once('close', () => file.destroy());
  });
  next();
}
