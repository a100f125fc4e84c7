import { parseCueText } from '../contract/index.ts';
import type { CaptionFormat, Cue, CueNode } from '../contract/index.ts';

/** The media types of caption files. */
export const captionTypes = { vtt: 'text/vtt; charset=utf-8', srt: 'application/x-subrip; charset=utf-8' } as const satisfies Record<CaptionFormat, string>;

/** Captions as a file. */
export function writeCaptions(cues: readonly Cue[], format: CaptionFormat): string {
  return format === 'vtt' ? writeVtt(cues) : writeSrt(cues);
}

/** WebVTT. `header`: lines after the first one. */
export function writeVtt(cues: readonly Cue[], header: readonly string[] = []): string {
  const blocks = cues.map(({ startMs, endMs, text }) => `${timestamp(startMs, '.')} --> ${timestamp(endMs, '.')}\n${text}\n`);
  return `${['WEBVTT', ...header].join('\n')}\n${blocks.map((block) => `\n${block}`).join('')}`;
}

/** SubRip knows `b`, `i` and `u`, and no entities. */
export function writeSrt(cues: readonly Cue[]): string {
  return cues.map(({ startMs, endMs, text }, index) => `${index + 1}\n${timestamp(startMs, ',')} --> ${timestamp(endMs, ',')}\n${plainNodes(parseCueText(text))}\n`).join('\n');
}

function plainNodes(nodes: readonly CueNode[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      const content = plainNodes(node.children);
      if (node.tag === 'v') return `${node.name}: ${content}`;
      if (node.tag === 'rt') return `(${content})`;
      return node.tag === 'ruby' ? content : `<${node.tag}>${content}</${node.tag}>`;
    })
    .join('');
}

/** `hh:mm:ss.ttt` */
export function timestamp(ms: number, point: '.' | ','): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(ms / 3600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${point}${String(Math.floor(ms % 1000)).padStart(3, '0')}`;
}
