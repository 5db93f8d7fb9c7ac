# treaty-monitor in a container, which writes nowhere but to its state and can be run with --read-only.
# Two stages, so that pip and what builds the wheel stay behind.
FROM python:3.11-slim-bookworm AS build
WORKDIR /source
COPY constraints.txt ./
RUN python -m venv /opt/treaty-monitor \
 && /opt/treaty-monitor/bin/pip install --no-cache-dir --constraint constraints.txt hatchling
COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY state/seed state/seed
COPY monitor monitor
RUN /opt/treaty-monitor/bin/pip install --no-cache-dir --constraint constraints.txt --no-build-isolation \
      ".[apprise,postgresql]"

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 treaty-monitor \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/treaty-monitor treaty-monitor \
 && install -d -o treaty-monitor -g treaty-monitor -m 700 /var/lib/treaty-monitor
COPY --from=build /opt/treaty-monitor /opt/treaty-monitor
COPY packaging/healthy.py /usr/local/bin/healthy
ENV PATH=/opt/treaty-monitor/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    TREATY_MONITOR_CONFIG=/etc/treaty-monitor \
    TREATY_MONITOR_STATE=/var/lib/treaty-monitor
USER 10001:10001
WORKDIR /var/lib/treaty-monitor
VOLUME /var/lib/treaty-monitor
EXPOSE 8477
# Alive: it answers, and every kind of its work goes on. Whether the sources are fresh is what /readyz tells.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "/usr/local/bin/healthy"]
ENTRYPOINT ["treaty-monitor"]
CMD ["run", "--log-format", "json"]
