"""Pages of boards: the list, and the page of each board."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from plots.catalog.pages import page_response
from plots.conf import conf
from plots.forms.binding import last_value, read_query, resolve_aliases
from plots.permissions import has_permission, is_staff, may_change, request_user

from . import controls, tiles
from .models import Board


@require_safe
def boards(request: HttpRequest) -> HttpResponse:
    """List the boards that this user may see, each with a preview."""
    user = request_user(request)
    found = tiles.with_items(Board.objects.visible_to(user).listed(), user)
    given = read_query(dict(request.GET.lists()))
    page = Paginator(found, conf.PAGE_SIZE).get_page(last_value(given, "page"))
    tiles.prefetch_sources(page)
    cards = [(board, tiles.board_preview(board)) for board in page]
    return page_response(request, "plots/boards.html", page=page, cards=cards, asked=QueryDict())


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one board: its charts and their shared controls."""
    user = request_user(request)
    seen = tiles.with_items(Board.objects.visible_to(user), user)
    found = get_object_or_404(seen, slug=slug)
    query = dict(request.GET.lists())
    declared = {name: query[name] for name in found.controls if name in query}
    known = resolve_aliases(read_query(query) | declared)
    given = {name: values for name, values in known.items() if any(values)}
    tiles.prefetch_sources([found])
    shared = {name: values for name, values in given.items() if name in found.controls}
    placed = [tiles.build_tile(item, shared, user) for item in found.items.all()]
    made = controls.build_controls(found, placed, shared)
    may_edit = is_staff(user) and has_permission(user, "change", Board)
    return page_response(
        request,
        "plots/board.html",
        board=found,
        tiles=[(tile, controls.ignored_by(tile, made)) for tile in placed],
        controls=made,
        errors=controls.find_errors(made, given),
        may_edit=may_edit and may_change(user, found),
    )
