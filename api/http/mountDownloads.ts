import { pipeline } from 'node:stream/promises';
import type { Express, NextFunction, Request, Response } from 'express';
import type { Download } from '../personal/Exports.ts';

/** The files behind signed links. It throws a CodedError for what it refuses. */
export interface DownloadService {
  open(token: string): Promise<Download>;
}

export function mountDownloads(app: Express, downloads: DownloadService): void {
  app.get('/downloads/:token', async (request: Request, response: Response, next: NextFunction) => {
    try {
      const { name, contentType, bytes, body } = await downloads.open(String(request.params.token));
      response.setHeader('Content-Type', contentType);
      response.setHeader('Content-Length', bytes);
      response.setHeader('Content-Disposition', `attachment; filename="${name}"`);
      response.setHeader('Cache-Control', 'no-store');
      if (request.method === 'HEAD') {
        body.destroy();
        response.end();
      } else await pipeline(body, response);
    } catch (error) {
      if (!response.closed) next(error);
    }
  });
}
