import { describe, expect, it } from 'vitest';
import { linkParts } from './linkParts.ts';

const links = (message: string) => linkParts(message).flatMap(({ href }) => (href === undefined ? [] : [href]));

describe('links in a message', () => {
  it('leaves a message without a link unchanged', () => {
    expect(linkParts('What is a basis?')).toEqual([{ text: 'What is a basis?', href: undefined }]);
  });

  it('finds links in the text and keeps every character', () => {
    const message = 'See https://example.org/notes?page=2, please (or http://example.org).';
    expect(links(message)).toEqual(['https://example.org/notes?page=2', 'http://example.org']);
    expect(linkParts(message).map(({ text }) => text).join('')).toBe(message);
  });

  it('links only http and https URLs', () => {
    expect(links('javascript:alert(1) data:text/html,x file:///etc/passwd https:// http://')).toEqual([]);
  });
});
