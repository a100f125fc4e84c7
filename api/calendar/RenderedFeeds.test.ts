import { describe, expect, it } from 'vitest';
import { maxRenderedFeedsLength } from '../learningLimits.ts';
import { RenderedFeeds } from './RenderedFeeds.ts';

describe('rendered calendars', () => {
  const counting = (length = 10) => {
    const rendered: string[] = [];
    const feeds = new RenderedFeeds(({ name }) => {
      rendered.push(name);
      return name.padEnd(length);
    });
    return { feeds, rendered };
  };

  it('are rendered once for the same contents', () => {
    const { feeds, rendered } = counting();
    for (const name of ['a', 'b', 'a', 'b']) expect(feeds.bodyOf({ name, events: [] }).trim()).toBe(name);
    expect(rendered).toEqual(['a', 'b']);
    expect(feeds.versionOf({ name: 'a', events: [] })).not.toBe(feeds.versionOf({ name: 'b', events: [] }));
  });

  it('are kept up to a length, those asked for last', () => {
    const { feeds, rendered } = counting(Math.ceil(maxRenderedFeedsLength / 2));
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) feeds.bodyOf({ name, events: [] });
    expect(rendered).toEqual(['a', 'b', 'c', 'b']);
  });
});
