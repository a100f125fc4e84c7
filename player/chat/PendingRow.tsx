import type { Participant } from '#engine/contract';
import { background } from '../app/background.ts';
import { Button } from '../design/index.ts';
import { PersonAvatar } from '../people/LecturePictures.tsx';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import type { ChatOutbox, PendingMessage } from './ChatOutbox.ts';

/** The user's own message until the server has accepted it. */
export function PendingRow({ message, outbox, self }: { message: PendingMessage; outbox: ChatOutbox; self: Participant }) {
  const hasFailed = message.failure !== undefined;
  return (
    <div class="message message--pending">
      <PersonAvatar userId={self.userId} name={self.displayName} />
      <div class="message__head">
        <span class="message__name" dir="auto">{self.displayName}</span>
        {hasFailed ? null : <span class="message__time">{text.chat.sending}</span>}
      </div>
      <div class="message__text" dir="auto">{message.text}</div>
      {hasFailed ? (
        <div class="message__failure">
          <span>{sentenceFor(message.failure)}</span>
          <Button variant="quiet" onClick={() => background(outbox.retry(message.key))}>
            {text.actions.tryAgain}
          </Button>
          <Button variant="quiet" onClick={() => outbox.discard(message.key)}>
            {text.chat.discard}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
