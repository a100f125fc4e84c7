import { Copy, Download, LifeBuoy } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { background } from '../app/background.ts';
import { api } from '../app/services.ts';
import { Button, ButtonLink, ConfirmDialog, Dialog, DialogActions, Notice, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import type { SectionProps } from './SectionProps.ts';
import { useConfirmed } from './useConfirmed.tsx';

export function RecoveryCodes({ security, onChanged }: SectionProps) {
  const [isAsking, setAsking] = useState(false);
  const replace = useConfirmed(security, async () => {
    setAsking(false);
    const { recoveryCodes } = await api.replaceRecoveryCodes();
    onChanged(recoveryCodes);
  });
  const left = security.recoveryCodesLeft;
  return (
    <section class="section">
      <h2>{text.security.recoveryTitle}</h2>
      {replace.action.problem ? <Notice tone="danger">{replace.action.problem}</Notice> : null}
      <div class="secured">
        <LifeBuoy aria-hidden="true" />
        <div class="grow">
          <div>{text.security.recoveryLeft(left)}</div>
          <div class="small quiet">{text.security.recoveryIntro}</div>
        </div>
        <Button isBusy={replace.action.isBusy} onClick={() => (left > 0 ? setAsking(true) : replace.action.run())}>
          {text.security.recoveryNew}
        </Button>
      </div>
      {isAsking ? (
        <ConfirmDialog
          title={text.security.recoveryNewTitle}
          message={text.security.recoveryNewMessage}
          confirmLabel={text.security.recoveryNew}
          variant="primary"
          onConfirm={() => replace.action.run()}
          onClose={() => setAsking(false)}
        />
      ) : null}
      {replace.dialog}
    </section>
  );
}

/** The codes are shown here, and nowhere again. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const all = codes.join('\n');
  const copy = () =>
    navigator.clipboard.writeText(all).then(
      () => showToast({ text: text.copy.done }),
      () => showToast({ text: text.copy.failed, tone: 'danger' }),
    );
  return (
    <Dialog title={text.security.recoveryTitle} isKept onClose={onClose}>
      <div class="stack">
        <Notice tone="warning">{text.security.recoverySave}</Notice>
        <ul class="codes">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div class="row">
          <Button onClick={() => background(copy())}>
            <Copy aria-hidden="true" />
            {text.security.recoveryCopy}
          </Button>
          <ButtonLink download={text.security.recoveryFile} href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${all}\n`)}`}>
            <Download aria-hidden="true" />
            {text.security.recoveryDownload}
          </ButtonLink>
        </div>
        <DialogActions>
          <Button variant="primary" onClick={onClose}>
            {text.security.recoverySaved}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
