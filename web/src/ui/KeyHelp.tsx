/** 本页说明与快捷键. What this page is for and what each key does here, opened with `?`. */
import { Button } from "antd";
import { Dialog } from "./Dialog.tsx";

export interface KeyGroup {
  readonly title: string;
  readonly keys: readonly { readonly keys: readonly string[]; readonly does: string }[];
}

export function KeyHelp(props: {
  readonly groups: readonly KeyGroup[];
  readonly help: { readonly title: string; readonly about: string; readonly how: readonly string[] };
  readonly tour: { readonly word: string; readonly start: () => void };
  readonly onClose: () => void;
}) {
  const { groups, help, tour } = props;
  return (
    <Dialog title={help.title} onClose={props.onClose} width={660}>
      <p>{help.about}</p>
      <ul className="help-how">
        {help.how.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <div className="key-help">
        {groups.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.keys.map((k) => (
                <div key={k.does}>
                  <dt>
                    {k.keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{k.does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="dialog-foot">
        <Button onClick={tour.start}>{tour.word}</Button>
        <Button type="primary" data-first onClick={props.onClose}>
          关闭
        </Button>
      </div>
    </Dialog>
  );
}
