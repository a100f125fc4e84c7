import type { VNode } from 'preact';
import { afterEach, expect, it } from 'vitest';
import type { Account } from '#api/contract';
import { EmptyState } from '../design/index.ts';
import { text } from '../text/index.ts';
import { AdministratorsOnly } from './AdministratorsOnly.tsx';
import { accountStore } from './services.ts';

afterEach(() => {
  accountStore.state.value = { status: 'unknown' };
});

function shownTo(roles: Account['roles']): VNode<{ title?: string; children?: unknown }> {
  accountStore.state.value = { status: 'signedIn', account: { roles } as Account };
  return AdministratorsOnly({ children: 'the page' });
}

it('A page for administrators is shown to them, and says to everyone else whom it is for', () => {
  expect(shownTo(['student', 'admin']).props.children).toBe('the page');
  const refusal = shownTo(['instructor']);
  expect(refusal.type).toBe(EmptyState);
  expect(refusal.props).toMatchObject({ title: text.admin.forbiddenTitle, children: text.admin.forbidden });
});
