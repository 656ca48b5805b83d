# Two commands: `make run` and `make test`. What they do is in scripts/; `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON ?= python3
SCRIPT = @exec $(PYTHON) -m scripts.

.PHONY: run test try stop bench storm webkit weekly lock sbom behind pictures backup restore drill manage help

run: ## set up what lacks and serve http://127.0.0.1:8000 (PORT, DATABASE_URL, DEMO, DEMO_PASSWORD)
	$(SCRIPT)run

test: ## the same set-up, then lint, checks and every test
	$(SCRIPT)check

try: ## some of the tests: make try TESTS="tests/issues -k reopened"
	$(SCRIPT)trial '$(subst ',,$(TESTS))'

stop: ## end the web server and the database of this folder
	$(SCRIPT)stop

bench: ## measure speed beside the raw SQL floor
	$(SCRIPT)bench

storm: ## simulated tablets and offices while everything is killed (STORM_SECONDS)
	$(SCRIPT)storm

webkit: ## the tablet's central scenarios in WebKitGTK (apt-get install webkit2gtk-driver xvfb)
	$(SCRIPT)webkit

weekly: ## the fault laboratory, what takes longer (PART="storm proxy", PART=all): docs/weekly.md
	$(SCRIPT)weekly

lock: ## settle the Python libraries of pyproject.toml anew, with hashes (UPGRADE=1, or UPGRADE="django pillow")
	$(SCRIPT)lock

sbom: ## what this installation is made of: CycloneDX, licences, digests of images
	$(SCRIPT)sbom

behind: ## once a month: which libraries are behind, into docs/dependencies.md
	$(SCRIPT)behind

pictures: ## take the pictures of the README anew, while `make run` serves the demo town
	$(SCRIPT)pictures

backup: ## database and photos in one file under .local/backups (BACKUP_DIR)
	$(SCRIPT)backup

restore: ## put a backup back: make restore FILE=…
	$(SCRIPT)restore "$(FILE)"

drill: ## put the newest backup back beside the site, prove it, write a dated report: make drill FILE=…
	$(SCRIPT)drill "$(FILE)"

manage: ## one of Django's commands here: make manage CMD="createsuperuser"
	$(SCRIPT)manage "$(CMD)"

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16
