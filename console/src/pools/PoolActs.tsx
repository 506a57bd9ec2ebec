import { Button, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { useMayEdit } from "@/session/session";
import { ConfirmAct } from "@/ui/ConfirmAct";
import { Failure } from "@/ui/Failure";
import { number } from "@/ui/format";
import { done } from "@/ui/notices";
import { type Pool, useStock } from "./pool";

/** Launch, archive and delete, as far as the state of the pool allows. */
export function PoolActs({ pool }: { pool: Pool }) {
  const mayEdit = useMayEdit();
  const { data: stock } = useStock(pool.key);
  if (!mayEdit) return null;
  return (
    <>
      {stock?.total === 0 && pool.state !== "launched" && <Remove pool={pool} />}
      {pool.state !== "archived" && <Archive pool={pool} />}
      {pool.state !== "launched" && <Launch pool={pool} />}
    </>
  );
}

function Launch({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const hint = useId();
  const launch = api.useMutation("post", "/v1/pools/{pool}/launch", { onSuccess: () => done(t("launched")) });
  const missing = pool.missing.map(({ pointer, detail }) =>
    pointer === "/description" ? t("missing.description") : detail,
  );
  const what = missing.length > 0 ? t("launchMissing", { what: missing.join(", ") }) : "";
  return (
    <>
      {what && (
        <Text size="sm" c="dimmed" id={hint}>
          {what}
        </Text>
      )}
      <Tooltip label={what} disabled={!what}>
        <Button
          color="teal.9"
          disabled={missing.length > 0}
          aria-describedby={what ? hint : undefined}
          loading={launch.isPending}
          onClick={() => launch.mutate({ params: { path: { pool: pool.key } } })}
        >
          {t(pool.state === "archived" ? "relaunch" : "launch")}
        </Button>
      </Tooltip>
      {launch.error && <Failure error={launch.error} />}
    </>
  );
}

function Archive({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const [isOpen, { open, close }] = useDisclosure();
  const { data: stock } = useStock(pool.key);
  const archive = api.useMutation("post", "/v1/pools/{pool}/archive", {
    onSuccess: () => {
      close();
      done(t("archived"));
    },
  });
  return (
    <>
      <Button variant="default" onClick={open}>
        {t("archive")}
      </Button>
      <ConfirmAct
        title={t("archiveTitle", { name: pool.name })}
        act={t("archive")}
        isOpen={isOpen}
        isPending={archive.isPending}
        error={archive.error}
        onConfirm={() => archive.mutate({ params: { path: { pool: pool.key } } })}
        onClose={close}
      >
        {t("archiveText", {
          available: number(stock?.available ?? 0),
          issued: number(stock?.issued ?? 0),
          type: pool.type,
        })}
      </ConfirmAct>
    </>
  );
}

function Remove({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const navigate = useNavigate();
  const [isOpen, { open, close }] = useDisclosure();
  const remove = api.useMutation("delete", "/v1/pools/{pool}", {
    onSuccess: () => {
      done(t("removed"));
      navigate("/pools");
    },
  });
  return (
    <>
      <Button variant="subtle" color="red" onClick={open}>
        {t("remove")}
      </Button>
      <ConfirmAct
        title={t("removeTitle", { name: pool.name })}
        act={t("remove")}
        isOpen={isOpen}
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params: { path: { pool: pool.key } } })}
        onClose={close}
      >
        {t("removeText")}
      </ConfirmAct>
    </>
  );
}
