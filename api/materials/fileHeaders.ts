import type { Material } from '../contract/index.ts';

/** Pictures that browsers decode. SVG is none of them: it is a document with scripts. */
const pictures: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif']);

export function formatOf(contentType: string): NonNullable<Material['file']>['format'] {
  if (contentType === 'application/pdf') return 'pdf';
  return pictures.has(contentType) ? 'image' : 'other';
}

/**
 * The headers under which a file that somebody has sent is served. Nothing in it runs on this site: only pictures are shown by the browser,
 * all else is saved. The pages show PDFs with pdf.js, which runs no scripts; the viewer of a browser does, so it gets none.
 */
export function fileHeaders({ contentType, fileName }: { contentType: string; fileName: string }, isDownload: boolean): Record<string, string> {
  const format = formatOf(contentType);
  const isShown = format === 'image' && !isDownload;
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return {
    'Cache-Control': 'private, no-store',
    'Content-Disposition': `${isShown ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${encodeRfc8187(fileName)}`,
    'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}

/** RFC 8187 §3.2.1: percent-encoded, except for `attr-char`. */
function encodeRfc8187(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
