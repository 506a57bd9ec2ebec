import { type CSSVariablesResolver, createTheme, darken, type MantineTheme } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: { fontWeight: "650" },
  components: {
    // a click beside a window would throw away what is written in it
    Modal: { defaultProps: { closeOnClickOutside: false } },
    Badge: { defaultProps: { tt: "none" } },
    TableScrollContainer: { defaultProps: { scrollAreaProps: { viewportProps: { tabIndex: 0 } } } },
  },
});

const BRIGHT = ["yellow", "orange", "lime"];

/** Text on a light ground: a bright colour's darkest shade is still too light for it. */
function onLight(scale: readonly string[], name: string): string {
  return darken(scale[9] ?? "", BRIGHT.includes(name) ? 0.45 : 0.15);
}

/** Coloured text and badges in one shade for every colour. */
function shades(of: MantineTheme, text: typeof onLight): Record<string, string> {
  const variables = Object.entries(of.colors).map(([name, scale]) => ({
    [`--mantine-color-${name}-light-color`]: text(scale, name),
    [`--mantine-color-${name}-text`]: text(scale, name),
    [`--mantine-color-${name}-outline`]: text(scale, name),
    [`--mantine-color-${name}-filled`]: scale[8] ?? "",
  }));
  return Object.assign({}, ...variables);
}

/** Shades with a contrast of at least 4.5 on the backgrounds they stand on (WCAG AA); the library's own have less. */
export const contrast: CSSVariablesResolver = (of) => ({
  variables: {},
  light: {
    ...shades(of, onLight),
    "--mantine-color-dark-light-color": of.colors.dark[6],
    "--mantine-color-dimmed": of.colors.gray[7],
    "--mantine-color-placeholder": of.colors.gray[7],
    "--mantine-color-error": of.colors.red[9],
    "--mantine-color-anchor": of.colors.indigo[8],
  },
  dark: {
    ...shades(of, (scale) => scale[2] ?? ""),
    "--mantine-color-dark-light-color": of.colors.dark[0],
    "--mantine-color-dimmed": of.colors.dark[1],
    "--mantine-color-placeholder": of.colors.dark[2],
    "--mantine-color-error": of.colors.red[4],
    "--mantine-color-anchor": of.colors.indigo[3],
  },
});
