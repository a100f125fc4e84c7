import type { ComponentChildren } from 'preact';
import { parseCueText } from '#recorder/contract';
import type { CueNode } from '#recorder/contract';

/** The text of a cue with its markup. */
export function CueText({ text }: { text: string }) {
  return <>{parseCueText(text).map(shown)}</>;
}

function shown(node: CueNode, key: number): ComponentChildren {
  if (typeof node === 'string') return node;
  const children = node.children.map(shown);
  if (node.tag === 'b') return <strong key={key}>{children}</strong>;
  if (node.tag === 'i') return <em key={key}>{children}</em>;
  if (node.tag === 'u') return <u key={key}>{children}</u>;
  if (node.tag === 'ruby') return <ruby key={key}>{children}</ruby>;
  if (node.tag === 'rt') return <rt key={key}>{children}</rt>;
  return (
    <span key={key}>
      <span class="captions__speaker">{node.name}: </span>
      {children}
    </span>
  );
}
