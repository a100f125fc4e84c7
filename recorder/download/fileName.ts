import { cleanLine } from '#engine/contract';

/** The longest name that every file system takes is 255 bytes; letters outside ASCII have up to four. */
const maxNameLength = 60;

/** The name of a downloaded file without its extension, from the title of its video. */
function nameFrom(title: string): string {
  const plain = cleanLine(title).replace(/[/\\:*?"<>|\u0000-\u001f]/g, ' ').replace(/\s+/g, ' ').replace(/^[.\s]+/, '').trim();
  return [...plain].slice(0, maxNameLength).join('').trim() || 'video';
}

/** `Content-Disposition` of a download: RFC 6266, with the title in UTF-8 (RFC 8187) and in ASCII for old clients. */
export function dispositionOf(title: string): string {
  const name = `${nameFrom(title)}.mp4`;
  const ascii = name.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').replace(/[^\x20-\x7e]|["%\\]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
