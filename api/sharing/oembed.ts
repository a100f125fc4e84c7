import type { FileContent } from '../contract/index.ts';
import { embedCode, embedSizeWithin, escapeHtml } from './embedCode.ts';
import { oembedMaxAgeSeconds } from './limits.ts';
import { notFound } from './Sharing.ts';
import type { Sharing } from './Sharing.ts';

export interface OembedQuery {
  url: string;
  format: 'json' | 'xml';
  maxwidth?: number | undefined;
  maxheight?: number | undefined;
}

/** The token of the page of a link on this site. @throws CodedError `sharing.notFound` */
export function tokenIn(url: string, origin: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const token = parsed?.origin === origin ? /^\/(?:v|embed)\/(\w{1,64})\/?$/.exec(parsed.pathname)?.[1] : undefined;
  if (token === undefined) throw notFound();
  return token;
}

/** The answer of oEmbed 1.0 §2.3 for the page of a sharing link that may be embedded somewhere. @throws CodedError `sharing.notFound` */
export async function oembed(sharing: Pick<Sharing, 'open'>, query: OembedQuery, origin: string): Promise<FileContent> {
  const token = tokenIn(query.url, origin);
  const { video, courseTitle, sites } = await sharing.open(token);
  if (sites.length === 0) throw notFound();
  const size = embedSizeWithin(query);
  const answer = {
    version: '1.0',
    type: 'video',
    provider_name: 'Lectern',
    provider_url: origin,
    title: video.title,
    author_name: courseTitle,
    cache_age: oembedMaxAgeSeconds,
    ...size,
    html: embedCode({ embedUrl: `${origin}/embed/${token}`, title: video.title, ...size }),
  };
  const isXml = query.format === 'xml';
  const body = Buffer.from(isXml ? xmlOf(answer) : JSON.stringify(answer));
  const headers = { 'Cache-Control': `public, max-age=${oembedMaxAgeSeconds}`, 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' };
  return { contentType: isXml ? 'text/xml; charset=utf-8' : 'application/json', body, headers };
}

function xmlOf(answer: Readonly<Record<string, string | number>>): string {
  const fields = Object.entries(answer).map(([name, value]) => `<${name}>${escapeHtml(String(value))}</${name}>`);
  return `<?xml version="1.0" encoding="utf-8" standalone="yes"?><oembed>${fields.join('')}</oembed>`;
}
