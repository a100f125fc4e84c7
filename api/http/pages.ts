import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import compression from 'compression';
import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';

/** Serves the built player: hashed assets for ever, every page of the application from its one document, both compressed. */
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

/** Express closes the file of a response when its connection ends, except while others are to be answered on it before. */
function closeWithResponse(_request: Request, response: Response, next: NextFunction): void {
  response.on('pipe', (file: Readable) => {
    if (response.closed) file.destroy();
    else response.once('close', () => file.destroy());
  });
  next();
}
