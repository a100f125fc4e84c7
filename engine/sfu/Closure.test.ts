import { describe, expect, it } from 'vitest';
import type { MediaCloseReason } from '../lecture/ports.ts';
import { silentLogger } from '../testing/index.ts';
import { Brood } from './Brood.ts';
import { Closure } from './Closure.ts';

function child() {
  const closure = new Closure(silentLogger);
  const heard: string[] = [];
  closure.onClosed((reason) => heard.push(reason));
  const close = (reason: MediaCloseReason) => void closure.close(reason, () => heard.push('released'));
  return { heard, close, onClosed: (listener: (reason: MediaCloseReason) => void) => closure.onClosed(listener) };
}

describe('A closure', () => {
  it('closes once, for the first reason, and releases before anyone hears', () => {
    const { heard, close } = child();
    close('lectureEnded');
    close('stopping');
    expect(heard).toEqual(['released', 'lectureEnded']);
  });

  it('tells at once who listens late, and nothing to who stopped listening', () => {
    const { close, onClosed } = child();
    const heard: string[] = [];
    onClosed((reason) => heard.push(`early ${reason}`))();
    close('replaced');
    onClosed((reason) => heard.push(`late ${reason}`));
    expect(heard).toEqual(['late replaced']);
  });

  it('tells the others although one listener throws', () => {
    const { close, onClosed } = child();
    const heard: string[] = [];
    onClosed(() => {
      throw new Error('a broken listener');
    });
    onClosed((reason) => heard.push(reason));
    close('stopping');
    expect(heard).toEqual(['stopping']);
  });
});

describe('A brood', () => {
  it('closes its children with the reason of their parent, and forgets those that closed before', () => {
    const brood = new Brood<ReturnType<typeof child>>();
    const [first, second] = [brood.add(child()), brood.add(child())];
    first.close('unpublished');
    expect(brood.size).toBe(1);
    brood.close('workerDied');
    expect([first.heard, second.heard]).toEqual([['released', 'unpublished'], ['released', 'workerDied']]);
  });

  it('closes a child that comes too late', () => {
    const brood = new Brood<ReturnType<typeof child>>();
    brood.close('participantLeft');
    const late = child();
    expect(() => brood.add(late)).toThrow(expect.objectContaining({ code: 'media.unavailable' }));
    expect(late.heard).toEqual(['released', 'participantLeft']);
  });
});
