import { embedSize } from './limits.ts';

export function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

export interface EmbedCodeOptions {
  embedUrl: string;
  title: string;
  width?: number;
  height?: number;
}

/** An iframe with the player. The title is for screen readers. */
export function embedCode({ embedUrl, title, width = embedSize.width, height = embedSize.height }: EmbedCodeOptions): string {
  return `<iframe src="${escapeHtml(embedUrl)}" title="${escapeHtml(title)}" width="${width}" height="${height}" style="border:0;aspect-ratio:16/9" allow="fullscreen; picture-in-picture; autoplay" allowfullscreen loading="lazy"></iframe>`;
}

/** 16:9, as large as the page that asks allows. */
export function embedSizeWithin({ maxwidth = Infinity, maxheight = Infinity }: { maxwidth?: number | undefined; maxheight?: number | undefined }): { width: number; height: number } {
  const width = Math.max(1, Math.floor(Math.min(embedSize.width, maxwidth, (maxheight * embedSize.width) / embedSize.height)));
  return { width, height: Math.max(1, Math.floor((width * embedSize.height) / embedSize.width)) };
}
