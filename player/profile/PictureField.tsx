import { useRef, useState } from 'preact/hooks';
import { imageTypes } from '#api/contract';
import { account, accountStore, api } from '../app/services.ts';
import { useAction, useToastedAction } from '../app/useAction.ts';
import { Avatar, Button, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { CropDialog } from './CropDialog.tsx';

/** The picture of the user, and what changes it. */
export function PictureField() {
  const [file, setFile] = useState<File>();
  const input = useRef<HTMLInputElement>(null);
  const save = useAction(async (picture: Blob) => {
    accountStore.replaceAccount(await api.setAvatar({ body: picture }));
    setFile(undefined);
    showToast({ text: text.profile.pictureSaved });
  });
  const remove = useToastedAction(async () => {
    accountStore.replaceAccount(await api.deleteAvatar());
    showToast({ text: text.profile.pictureRemoved });
  });
  const who = account.value;
  if (!who) return null;
  const hasPicture = who.avatarId !== null;
  return (
    <div class="profile__picture">
      <Avatar name={who.displayName} imageId={who.avatarId} isLarge />
      <div class="stack-tight">
        <div class="row">
          <Button onClick={() => input.current?.click()}>{hasPicture ? text.profile.changePicture : text.profile.choosePicture}</Button>
          {hasPicture ? (
            <Button variant="quiet" isBusy={remove.isBusy} onClick={() => remove.run()}>
              {text.profile.removePicture}
            </Button>
          ) : null}
        </div>
        <p class="small quiet">{text.profile.pictureHint}</p>
      </div>
      <input
        ref={input}
        class="unseen"
        type="file"
        tabIndex={-1}
        aria-label={text.profile.choosePicture}
        accept={imageTypes.join(',')}
        onChange={(event) => {
          setFile(event.currentTarget.files?.[0]);
          // The same file can be chosen again.
          event.currentTarget.value = '';
        }}
      />
      {file ? <CropDialog file={file} isBusy={save.isBusy} problem={save.problem} onUse={save.run} onClose={() => setFile(undefined)} /> : null}
    </div>
  );
}
