import './progress.css';

/** A bar for a share from 0 to 1. The number stands beside it, so it is hidden from screen readers. */
export function ShareBar({ share }: { share: number }) {
  return (
    <span class="share" aria-hidden="true">
      <span style={{ width: `${share * 100}%` }} />
    </span>
  );
}
