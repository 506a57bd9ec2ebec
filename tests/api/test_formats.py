"""Formats over HTTP: capacity and odds before anything is stored, samples, generation, refill."""

SHAPE = {"key": "summer", "length": 10, "group": 5, "prefix": "S"}


async def test_the_shape_tells_its_capacity_and_odds_and_shows_samples(http) -> None:
    async with http.post("/v1/formats/capacity?made=1000", json=SHAPE) as answer:
        said = await answer.json()
    assert said["capacity"] == 32**9
    assert said["guesses"] == 32**9 // 1000
    async with http.post("/v1/formats/sample?count=3", json=SHAPE) as answer:
        samples = (await answer.json())["samples"]
    assert len(set(samples)) == 3
    assert all(len(code) == 11 and code[0] == "S" and code[5] == "-" for code in samples)


async def test_a_format_past_twenty_characters_is_refused_by_name(http) -> None:
    async with http.post("/v1/formats", json={"key": "long", "length": 21}) as answer:
        assert answer.status == 422
        assert (await answer.json())["errors"][0]["pointer"] == "/length"


async def test_a_generation_is_a_task_and_more_than_available_is_refused(http) -> None:
    async with http.post("/v1/formats", json=SHAPE | {"codesMax": 100}) as answer:
        assert answer.status == 201
    async with http.post("/v1/pools", json={"name": "Summer", "description": "d"}) as answer:
        pool = (await answer.json())["id"]
    async with http.post(f"/v1/pools/{pool}/generations", json={"format": "summer", "quantity": 101}) as answer:
        assert answer.status == 422
    async with http.post(f"/v1/pools/{pool}/generations", json={"format": "summer", "quantity": 100}) as answer:
        assert answer.status == 202
        task = await answer.json()
    assert (task["kind"], task["state"], task["total"]) == ("generation", "running", 100)
    async with http.get("/v1/formats/summer") as answer:
        assert (await answer.json())["room"] == 0, "what is being made is spoken for"
    soon = {"format": "summer", "quantity": 1, "expiresAt": "2020-01-01T00:00:00"}
    async with http.post(f"/v1/pools/{pool}/generations", json=soon) as answer:
        pointers = [problem["pointer"] for problem in (await answer.json())["errors"]]
    assert (answer.status, pointers) == (422, ["/expiresAt", "/quantity"])
    async with http.delete("/v1/formats/summer") as answer:
        assert answer.status == 409


async def test_a_floor_that_is_lowered_is_answered_with_a_warning(http) -> None:
    async with http.post("/v1/formats", json=SHAPE) as answer:
        assert (await answer.json())["warnings"] == []
    async with http.put("/v1/formats/summer", json=SHAPE | {"guessesMin": 50}) as answer:
        [warning] = (await answer.json())["warnings"]
    assert (warning["pointer"], "One guess in 50" in warning["detail"]) == ("/guessesMin", True)


async def test_a_pool_is_told_to_fill_itself_and_to_stop(http) -> None:
    async with http.post("/v1/formats", json=SHAPE) as answer:
        format_id = (await answer.json())["id"]
    async with http.post("/v1/pools", json={"name": "Auto", "description": "d"}) as answer:
        pool = (await answer.json())["id"]
    rule = {"format": "summer", "below": 10, "quantity": 100, "validDays": 30, "daysLeft": 7}
    async with http.put(f"/v1/pools/{pool}/refill", json=rule) as answer:
        assert await answer.json() == rule | {"format": format_id, "discount": None, "problem": None}
    async with http.delete(f"/v1/pools/{pool}/refill") as answer:
        assert answer.status == 204
    async with http.get(f"/v1/pools/{pool}/refill") as answer:
        assert answer.status == 404
