import { Grid, Skeleton } from "@mantine/core";

/** Stands where a canvas and its panel will be. */
export function WorkflowSkeleton() {
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Skeleton h={{ base: 320, md: "calc(100vh - 260px)" }} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Skeleton h={300} />
      </Grid.Col>
    </Grid>
  );
}
