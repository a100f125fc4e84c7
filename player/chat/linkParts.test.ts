import { describe, expect, it } from 'vitest';
import { linkParts } from './linkParts.ts';

const links = (message: string) => linkParts(message).flatMap(({ href }) => (href === undefined ? [] : [href]));

describe('addresses in a message', () => {
  it('leaves a message without one as it is', () => {
    expect(linkParts('What is a basis?')).toEqual([{ text: 'What is a basis?', href: undefined }]);
  });

  it('finds one among words and keeps every letter', () => {
    const message = 'See https://example.org/notes?page=2, please (or http://example.org).';
    expect(links(message)).toEqual(['https://example.org/notes?page=2', 'http://example.org']);
    expect(linkParts(message).map(({ text }) => text).join('')).toBe(message);
  });

  it('leads to web pages only', () => {
    expect(links('javascript:alert(1) data:text/html,x file:///etc/passwd https:// http://')).toEqual([]);
  });
});
