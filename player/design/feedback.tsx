import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { text } from '../text/index.ts';
import './feedback.css';

/** Shown instead of an empty list: what the list will contain, and the button that fills it. */
export function EmptyState({ icon, title, children, action, isCentred, isPage }: {
  icon?: ComponentChildren;
  title: string;
  children?: ComponentChildren;
  action?: ComponentChildren;
  isCentred?: boolean;
  /** Fills the page: centred, with its title as the heading of the page. */
  isPage?: boolean;
}) {
  const Title = isPage ? 'h1' : 'p';
  return (
    <div class={`empty ${isCentred || isPage ? 'empty--centred' : ''} ${isPage ? 'empty--page' : ''}`}>
      {icon}
      <div class="stack-tight">
        <Title class="empty__title">{title}</Title>
        {children ? <p class="quiet">{children}</p> : null}
      </div>
      {action}
    </div>
  );
}

export type Tone = 'normal' | 'good' | 'warning' | 'danger';

const noticeIcons = { normal: Info, good: CircleCheck, warning: TriangleAlert, danger: CircleAlert } as const;

/** A message that stays visible, with an optional action. */
export function Notice({ tone = 'normal', children, action }: { tone?: Tone; children: ComponentChildren; action?: ComponentChildren }) {
  const Icon = noticeIcons[tone];
  return (
    <div class={`notice notice--${tone}`} role={tone === 'danger' ? 'alert' : 'status'}>
      <Icon aria-hidden="true" />
      <div class="notice__text">{children}</div>
      {action}
    </div>
  );
}

export type BadgeTone = Tone | 'live' | 'stage';

export function Badge({ tone = 'normal', children, hasDot }: { tone?: BadgeTone; children: ComponentChildren; hasDot?: boolean }) {
  return (
    <span class={`badge badge--${tone}`}>
      {hasDot ? <span class="badge__dot" aria-hidden="true" /> : null}
      {children}
    </span>
  );
}

/** A placeholder of the same size as the content that is loading. */
export function Skeleton({ height = '1rem', width = '100%', radius }: { height?: string; width?: string; radius?: string }) {
  return <div class="skeleton" style={{ height, width, borderRadius: radius }} aria-hidden="true" />;
}

export function SkeletonList({ rows = 3, height = '4.5rem' }: { rows?: number; height?: string }) {
  return (
    <div class="stack" role="status">
      <span class="unseen">{text.states.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius="var(--radius)" />
      ))}
    </div>
  );
}

export function Loading({ label = text.states.loading }: { label?: string }) {
  return (
    <div class="waiting" role="status">
      <span class="spinner" aria-hidden="true" />
      <span>{label}</span>
    </div>
  );
}
