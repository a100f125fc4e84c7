import { CalendarClock, LogOut, MessagesSquare, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { paths } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { usePageTitle } from '../app/usePageTitle.ts';
import { Button, ButtonLink, ConfirmDialog, Notice } from '../design/index.ts';
import { text } from '../text/index.ts';
import './personal.css';

/** Says what happens to an account that its owner deletes, and deletes it. */
export default function DeleteAccountPage() {
  const words = text.personal.remove;
  usePageTitle(words.title);
  const [isAsking, setAsking] = useState(false);
  const remove = useAction(async () => {
    await api.deactivate();
    // A new start of the pages: nobody is signed in any more.
    location.replace(paths.accountDeactivated);
  });
  const facts = [
    { key: 'now', Icon: LogOut, words: words.now },
    { key: 'thirtyDays', Icon: CalendarClock, words: words.thirtyDays },
    { key: 'then', Icon: Trash2, words: words.then },
    { key: 'stays', Icon: MessagesSquare, words: words.stays },
  ];
  return (
    <div class="page page--narrow">
      <h1>{words.title}</h1>
      <p>{words.intro}</p>
      <ul class="facts">
        {facts.map(({ key, Icon, words: fact }) => (
          <li key={key}>
            <Icon aria-hidden="true" />
            <span>{fact}</span>
          </li>
        ))}
      </ul>
      {remove.problem ? <Notice tone="danger">{remove.problem}</Notice> : null}
      <div class="row">
        <Button variant="danger" isBusy={remove.isBusy} onClick={() => setAsking(true)}>
          {words.action}
        </Button>
        <ButtonLink href={paths.myData}>{words.exportFirst}</ButtonLink>
      </div>
      {isAsking ? (
        <ConfirmDialog
          title={words.confirmTitle}
          message={words.confirm}
          confirmLabel={words.action}
          onConfirm={() => {
            setAsking(false);
            remove.run();
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </div>
  );
}
