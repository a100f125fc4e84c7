import { Pause, Play, RotateCcw, X } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { maxTitleLength } from '#api/contract';
import { useToastedAction } from '../app/useAction.ts';
import { Button, ConfirmDialog, IconButton, showToast } from '../design/index.ts';
import { formatBytes } from '../text/format.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import { ShareBar } from '../progress/ShareBar.tsx';
import { chooseFiles } from './chooseFiles.ts';
import { timeLeft } from './timeLeft.ts';
import { isActive } from './uploadItem.ts';
import type { UploadItem } from './uploadItem.ts';
import type { UploadQueue } from './UploadQueue.ts';
import './uploads.css';

/** One file that is uploaded: its title, how far it is, and what can be done. */
export function UploadRow({ item, queue, canRename }: { item: UploadItem; queue: UploadQueue; canRename: boolean }) {
  const share = item.bytes === 0 ? 1 : item.sentBytes / item.bytes;
  return (
    <li class="upload">
      <div class="upload__head">
        {canRename ? <TitleInput item={item} onTitle={(title) => queue.rename(item.key, title)} /> : <span class="upload__title" dir="auto">{item.title}</span>}
        <UploadButtons item={item} queue={queue} />
      </div>
      <div class="upload__bar">
        <ShareBar share={share} />
      </div>
      <p class="upload__facts small quiet tabular">{factsOf(item, queue)}</p>
      <Continue item={item} queue={queue} />
    </li>
  );
}

function factsOf(item: UploadItem, queue: UploadQueue): ComponentChildren {
  const { stage, sentBytes, bytes } = item;
  const sent = text.uploads.of(formatBytes(sentBytes), formatBytes(bytes));
  switch (stage.kind) {
    case 'sending': {
      const rate = queue.rateOf(item.key);
      const speed = rate?.bytesPerSecond();
      const left = rate?.secondsFor(bytes - sentBytes);
      return (
        <>
          <span>{sent}</span>
          {speed === undefined ? null : <span>{text.uploads.speed(formatBytes(speed))}</span>}
          {left === undefined ? null : <span>{timeLeft(left)}</span>}
        </>
      );
    }
    case 'failed':
      return <span class="upload__problem">{sentenceFor(stage.error)}</span>;
    case 'retrying':
      return <Retrying sentence={sentenceFor(stage.error)} atMs={stage.atMs} />;
    case 'waiting':
    case 'paused':
      return (
        <>
          <span>{text.uploads.stages[stage.kind]}</span>
          <span>{sentBytes === 0 ? formatBytes(bytes) : sent}</span>
        </>
      );
    default:
      return <span>{text.uploads.stages[stage.kind]}</span>;
  }
}

function Retrying({ sentence, atMs }: { sentence: string; atMs: number }) {
  const seconds = Math.ceil((atMs - performance.now()) / 1000);
  return (
    <>
      <span>{sentence}</span>
      <span>{seconds > 1 ? text.uploads.stages.retrying(seconds) : text.uploads.stages.retryingNow}</span>
    </>
  );
}

function TitleInput({ item, onTitle }: { item: UploadItem; onTitle: (title: string) => void }) {
  const [typed, setTyped] = useState(item.title);
  return (
    <input
      class="field__input upload__input"
      dir="auto"
      aria-label={text.uploads.editTitle(item.fileName)}
      maxLength={maxTitleLength}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => {
        const title = typed.trim();
        if (title === '') setTyped(item.title);
        else if (title !== item.title) onTitle(title);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}

function UploadButtons({ item, queue }: { item: UploadItem; queue: UploadQueue }) {
  const [isAsking, setAsking] = useState(false);
  const cancel = useToastedAction(async () => {
    await queue.cancel(item.key);
    showToast({ text: text.uploads.cancelled });
  });
  const { kind } = item.stage;
  return (
    <span class="upload__buttons">
      {kind === 'failed' || kind === 'retrying' ? (
        <IconButton label={text.uploads.retry(item.title)} onClick={() => retryNow(item, queue)}>
          <RotateCcw aria-hidden="true" size={20} />
        </IconButton>
      ) : null}
      {isActive(item) && kind !== 'retrying' ? (
        <IconButton label={text.uploads.pause(item.title)} onClick={() => queue.pause(item.key)}>
          <Pause aria-hidden="true" size={20} />
        </IconButton>
      ) : null}
      {kind === 'paused' ? (
        <IconButton label={text.uploads.resume(item.title)} onClick={() => queue.resume(item.key)}>
          <Play aria-hidden="true" size={20} />
        </IconButton>
      ) : null}
      <IconButton label={text.uploads.cancel(item.title)} onClick={() => (item.sentBytes === 0 ? cancel.run() : setAsking(true))}>
        <X aria-hidden="true" size={20} />
      </IconButton>
      {isAsking ? (
        <ConfirmDialog
          title={text.uploads.cancelTitle}
          message={text.uploads.cancelMessage(item.title)}
          confirmLabel={text.uploads.cancelDo}
          isBusy={cancel.isBusy}
          onConfirm={() => cancel.run()}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </span>
  );
}

function retryNow({ key, stage }: UploadItem, queue: UploadQueue): void {
  if (stage.kind === 'retrying') queue.pause(key);
  queue.resume(key);
}

/** What goes on after a reload: the browser asks for the file that it has kept, or the person chooses it again. */
function Continue({ item, queue }: { item: UploadItem; queue: UploadQueue }) {
  const [isOther, setOther] = useState(false);
  const { kind } = item.stage;
  if (kind !== 'needsFile' && kind !== 'needsPermission') return null;

  async function go() {
    if (kind === 'needsPermission' && (await queue.askForFile(item.key))) return;
    const [chosen] = await chooseFiles({ isMultiple: false });
    if (chosen) setOther(!queue.giveFile(item.key, chosen));
  }

  return (
    <div class="upload__continue">
      <Button onClick={() => void go()}>{kind === 'needsPermission' ? text.uploads.continue : text.uploads.chooseAgain}</Button>
      <span class="small upload__problem" role="alert">
        {isOther ? text.uploads.otherFile(item.fileName) : ''}
      </span>
    </div>
  );
}
