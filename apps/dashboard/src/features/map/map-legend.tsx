/** What the links mean: colour, sign and dash of each state, width, and of which window. */
import { Time } from '../../parts/time.tsx';
import { linkLook, useLinkWord } from './link-look.ts';
import styles from './map.module.css';
import { LINK_STATES } from './map-model.ts';
import { useMapTexts } from './texts.ts';

export function MapLegend({ asOf }: { asOf: string | null }) {
  const t = useMapTexts();
  const word = useLinkWord();
  return (
    <section className={styles['legend']} aria-label={t.legend}>
      <ul>
        {LINK_STATES.map((state) => {
          const { colour, sign, dash } = linkLook(state);
          return (
            <li key={state}>
              <svg width="26" height="8" aria-hidden>
                <line x1="0" y1="4" x2="26" y2="4" style={{ stroke: colour, strokeWidth: 3 }} strokeDasharray={dash} />
              </svg>
              <span aria-hidden>{sign}</span> {word(state)}
            </li>
          );
        })}
        <li className="soft">
          {t.legendFlow} · {t.window}
          {asOf === null ? null : (
            <span>
              , {t.asOf} <Time at={asOf} show="clock" />
            </span>
          )}
        </li>
      </ul>
    </section>
  );
}
