import { Dialog } from '../../design/index.ts';
import { text } from '../../text/index.ts';

/** All keyboard shortcuts of the player. */
export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={text.watch.keyboard.title} onClose={onClose}>
      <dl class="keys">
        {text.watch.keyboard.keys.map(({ keys, does }) => (
          <div key={keys} class="keys__row">
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
