import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Express, NextFunction, Request, Response } from 'express';
import { isCoded } from '#engine/contract';
import { escapeHtml } from '../sharing/embedCode.ts';
import type { OpenedLink, Sharing } from '../sharing/Sharing.ts';

/** What strangers open by a link. */
export type SharedService = Pick<Sharing, 'open' | 'stream'>;

export interface MountSharedOptions {
  sharing: SharedService;
  /** The built player; without it there are playlists only. */
  pagesFolder: string | undefined;
  originOf: (request: Request) => string;
}

/** Nobody but the browser of the viewer keeps a page, and search engines do not list who was sent a link. */
const privatePage = { 'Cache-Control': 'private, no-cache', 'X-Robots-Tag': 'noindex', 'Referrer-Policy': 'no-referrer' };

/**
 * Serves what a sharing link opens without an account: the page of a video, the player for frames, and the playlist for other players.
 * No cookie is read or set.
 */
export function mountShared(app: Express, { sharing, pagesFolder, originOf }: MountSharedOptions): void {
  const opened = (token: string): Promise<OpenedLink | undefined> =>
    sharing.open(token).catch((error: unknown) => {
      if (isCoded(error, 'sharing.notFound')) return undefined;
      throw error;
    });

  app.options(/^\/(?:v\/\w+\/\w+\.m3u8$|media\/)/, (_request: Request, response: Response) => {
    allowEveryOrigin(response);
    response.setHeader('Access-Control-Allow-Methods', 'GET, HEAD');
    response.setHeader('Access-Control-Allow-Headers', 'Range');
    response.status(204).end();
  });

  app.get('/v/:token/:view.m3u8', handled(async (request, response) => {
    allowEveryOrigin(response);
    response.setHeader('Cache-Control', 'no-store');
    const { tracks } = await sharing.stream(String(request.params.token));
    const source = request.params.view === 'screen' ? 'screen' : 'camera';
    const track = tracks.find((one) => one.source === source);
    if (track) response.redirect(302, track.masterUrl);
    else response.status(404).end();
  }));

  if (pagesFolder === undefined) return;
  const document = path.join(pagesFolder, 'index.html');
  app.get(['/v/:token', '/embed/:token'], handled(async (request, response) => {
    const token = String(request.params.token);
    const [link, html] = [await opened(token), await readFile(document, 'utf8')];
    const isEmbed = request.path.startsWith('/embed/');
    if (isEmbed) allowFrames(response, link?.sites ?? []);
    for (const [name, value] of Object.entries(privatePage)) response.setHeader(name, value);
    const head = link ? headOf(link, { origin: originOf(request), token }) : '';
    response.status(link ? 200 : 404).type('html').send(html.replace('</head>', () => `${head}</head>`));
  }));
}

/** For pages and players of every origin: the address itself is the permission. */
export function allowEveryOrigin(response: Response): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', 'Content-Length, Content-Range, ETag');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}

/** Sites beside this one that may show the page in a frame. Older browsers know only `X-Frame-Options`, which cannot list sites. */
function allowFrames(response: Response, sites: readonly string[]): void {
  const policy = String(response.getHeader('Content-Security-Policy') ?? '');
  response.setHeader('Content-Security-Policy', policy.replace("frame-ancestors 'self'", `frame-ancestors ${["'self'", ...sites].join(' ')}`));
  if (sites.length === 0) return;
  response.removeHeader('X-Frame-Options');
  // A frame of another origin has no use for them, and browsers warn.
  response.removeHeader('Cross-Origin-Opener-Policy');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}

/** Open Graph tags, and where oEmbed finds the embed code. */
function headOf({ video, courseTitle, sites }: OpenedLink, { origin, token }: { origin: string; token: string }): string {
  const pageUrl = `${origin}/v/${token}`;
  const tags: [property: string, content: string][] = [
    ['og:type', 'video.other'],
    ['og:site_name', 'Lectern'],
    ['og:title', video.title],
    ['og:description', courseTitle],
    ['og:url', pageUrl],
    ['og:video:url', `${origin}/embed/${token}`],
    ['og:video:type', 'text/html'],
    ['video:duration', String(Math.round(video.durationSeconds))],
  ];
  const metas = tags.map(([property, content]) => `<meta property="${property}" content="${escapeHtml(content)}">`);
  const discovery = (['json', 'xml'] as const).map((format) => {
    const href = `${origin}/api/v1/oembed?format=${format}&url=${encodeURIComponent(pageUrl)}`;
    return `<link rel="alternate" type="${format === 'json' ? 'application/json+oembed' : 'text/xml+oembed'}" href="${escapeHtml(href)}" title="${escapeHtml(video.title)}">`;
  });
  return [...metas, ...(sites.length > 0 ? discovery : [])].join('');
}

function handled(handle: (request: Request, response: Response) => Promise<void>) {
  return (request: Request, response: Response, next: NextFunction): void => {
    handle(request, response).catch(next);
  };
}
