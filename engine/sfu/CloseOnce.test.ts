import { describe, expect, it } from 'vitest';
import type { MediaCloseReason } from '../lecture/ports.ts';
import { silentLogger } from '../testing/index.ts';
import { ChildSet } from './ChildSet.ts';
import { CloseOnce } from './CloseOnce.ts';

function child() {
  const closeOnce = new CloseOnce(silentLogger);
  const reasons: string[] = [];
  closeOnce.onClosed((reason) => reasons.push(reason));
  const close = (reason: MediaCloseReason) => void closeOnce.close(reason, () => reasons.push('released'));
  return { reasons, close, onClosed: (listener: (reason: MediaCloseReason) => void) => closeOnce.onClosed(listener) };
}

describe('CloseOnce', () => {
  it('closes once, for the first reason, and releases before it notifies', () => {
    const { reasons, close } = child();
    close('lectureEnded');
    close('stopping');
    expect(reasons).toEqual(['released', 'lectureEnded']);
  });

  it('notifies a late listener at once, and a removed listener not at all', () => {
    const { close, onClosed } = child();
    const reasons: string[] = [];
    onClosed((reason) => reasons.push(`early ${reason}`))();
    close('replaced');
    onClosed((reason) => reasons.push(`late ${reason}`));
    expect(reasons).toEqual(['late replaced']);
  });

  it('notifies the other listeners when one throws', () => {
    const { close, onClosed } = child();
    const reasons: string[] = [];
    onClosed(() => {
      throw new Error('a listener fails');
    });
    onClosed((reason) => reasons.push(reason));
    close('stopping');
    expect(reasons).toEqual(['stopping']);
  });
});

describe('ChildSet', () => {
  it('closes its children with the reason of their parent, and drops those that closed before', () => {
    const children = new ChildSet<ReturnType<typeof child>>();
    const [first, second] = [children.add(child()), children.add(child())];
    first.close('unpublished');
    expect(children.size).toBe(1);
    children.close('workerDied');
    expect([first.reasons, second.reasons]).toEqual([['released', 'unpublished'], ['released', 'workerDied']]);
  });

  it('closes a child that is added too late', () => {
    const children = new ChildSet<ReturnType<typeof child>>();
    children.close('participantLeft');
    const late = child();
    expect(() => children.add(late)).toThrow(expect.objectContaining({ code: 'media.unavailable' }));
    expect(late.reasons).toEqual(['released', 'participantLeft']);
  });
});
