import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { RouterProvider } from "react-router";
import { queries } from "@/api/queries";
import { onFirstNotice } from "@/ui/notices";
import { openRouter } from "./routes";
import { contrast, theme } from "./theme";

const Notices = lazy(async () => ({ default: (await import("@/ui/Notices")).Notices }));

/** Everything that a page may count on: colours, data, notices, addresses. */
export function App() {
  const [router] = useState(openRouter);
  const [hasNotices, setHasNotices] = useState(false);
  useEffect(() => onFirstNotice(() => setHasNotices(true)), []);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={contrast} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Suspense>{hasNotices && <Notices />}</Suspense>
        <Suspense>
          <RouterProvider router={router} />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  );
}
