import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Express, NextFunction, Request, Response } from 'express';

/** What the page takes of swagger-ui-dist. */
const parts = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']);

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lectern API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/api/docs/favicon-32x32.png">
</head>
<body>
<div id="docs"></div>
<noscript>This page needs JavaScript. The API is described in /api/v1/openapi.json.</noscript>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

/** Calls are made with the login of this browser, or with the token that is given under "Authorize". */
const script = `
const maxAgeMs = 8 * 60 * 1000;
let own = { token: undefined, atMs: -Infinity };

async function ownToken() {
  if (performance.now() - own.atMs < maxAgeMs) return own.token;
  const response = await fetch('/api/v1/users/refresh', { method: 'POST', headers: { 'x-lectern-client': 'docs' } });
  own = { token: response.ok ? (await response.json()).accessToken : undefined, atMs: performance.now() };
  return own.token;
}

window.SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  persistAuthorization: false,
  requestInterceptor: async (request) => {
    if (request.loadSpec || request.headers.Authorization !== undefined) return request;
    const token = await ownToken();
    if (token !== undefined) request.headers.Authorization = 'Bearer ' + token;
    return request;
  },
});
`;

/** A page to try the API, `/api/docs`, from this origin only. Nothing of it is read before somebody opens it. */
export function mountDocs(app: Express): void {
  const text = (type: string, body: string) => (_request: Request, response: Response) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.type(type).send(body);
  };
  app.get('/api/docs', text('html', page));
  app.get('/api/docs/start.js', text('js', script));
  app.get('/api/docs/:part', (request: Request, response: Response, next: NextFunction) => {
    const { part } = request.params;
    if (typeof part !== 'string' || !parts.has(part)) return next();
    response.sendFile(part, { root: packageFolder(), cacheControl: true, maxAge: 24 * 3600 * 1000 }, (error?: Error) => {
      if (error && !response.headersSent) next(error);
    });
  });
}

function packageFolder(): string {
  return path.dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));
}
