import { useState } from 'preact/hooks';
import { ImageButton } from '../app/ImageButton.tsx';
import { account, accountStore, api } from '../app/services.ts';
import { useAction, useToastedAction } from '../app/useAction.ts';
import { Avatar, Button, showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { CropDialog } from './CropDialog.tsx';

/** The picture of the user, and what changes it. */
export function PictureField() {
  const [file, setFile] = useState<File>();
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
          <ImageButton label={text.profile.choosePicture} onFile={setFile}>
            {hasPicture ? text.profile.changePicture : text.profile.choosePicture}
          </ImageButton>
          {hasPicture ? (
            <Button variant="quiet" isBusy={remove.isBusy} onClick={() => remove.run()}>
              {text.profile.removePicture}
            </Button>
          ) : null}
        </div>
        <p class="small quiet">{text.profile.pictureHint}</p>
      </div>
      {file ? <CropDialog file={file} isBusy={save.isBusy} problem={save.problem} onUse={save.run} onClose={() => setFile(undefined)} /> : null}
    </div>
  );
}
